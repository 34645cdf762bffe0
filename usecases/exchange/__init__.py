"""Tables in and out: files to rows and rows to files. No database, no HTTP."""
