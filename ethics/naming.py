"""Danish words in addresses of the rounds."""

STEPS = {
    "spoerg": "ask_for_information",
    "besvar": "answer",
    "udsend-ark": "start_individual",
    "hurtig": "fast_track",
    "kald-op": "call_up",
    "aabn-ark": "reveal",
    "underskriv": "sign_assessment",
    "dagsorden": "put_on_agenda",
    "indstil": "recommend",
    "udsaet": "defer",
    "genoptag": "take_up_again",
    "send": "send_to_body",
    "beslutning": "record_decision",
    "annuller": "cancel",
    "forfra": "restart_on_change",
}
STEP_SLUGS = {move: slug for slug, move in STEPS.items()}
