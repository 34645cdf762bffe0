from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EthicsConfig(AppConfig):
    name = "ethics"
    verbose_name = _("Ethics")

    def ready(self) -> None:
        import ethics.checks
        import ethics.listeners
        import ethics.panels  # noqa: F401
