"""Danish words in the addresses of conditions."""

MOVES = {
    "saet-i-kraft": "put_in_force",
    "traek-tilbage": "withdraw",
    "frafald": "waive",
    "genaabn": "reopen",
    "udelad": "drop",
}
SLUGS = {move: slug for slug, move in MOVES.items()}
