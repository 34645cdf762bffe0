from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        import meetings.checks
        import meetings.panels  # noqa: F401
        from core.audit import anchored_by
        from meetings.selectors.sealing import seal_anchors

        anchored_by(seal_anchors)
