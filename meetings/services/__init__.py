"""One function per verb: policy, move, write and protocol in one transaction."""
