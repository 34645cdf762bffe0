"""Danish words in addresses."""

MOVES = {
    "tag-op": "take_up",
    "parker": "park",
    "genoptag": "unpark",
    "traek-tilbage": "withdraw",
    "godkend-pilot": "approve_pilot",
    "godkend-drift": "approve_operation",
    "afvis": "reject",
    "begynd-pilot": "start_pilot",
    "slut-pilot": "end_pilot",
    "i-drift": "start_operation",
    "saet-i-bero": "suspend",
    "fortsaet-pilot": "resume_pilot",
    "fortsaet-drift": "resume_operation",
    "udfas": "retire",
}
SLUGS = {move: slug for slug, move in MOVES.items()}
FACTS = {
    "klassifikation": "classification",
    "anbefaling": "ethics",
    "vilkaar-pilot": "conditions_pilot",
    "vilkaar-drift": "conditions_operation",
    "pligter-pilot": "obligations_pilot",
    "pligter-drift": "obligations_operation",
    "register": "register",
    "haendelse": "incident",
    "aendring": "material_change",
}
FACT_SLUGS = {fact: slug for slug, fact in FACTS.items()}
