"""The login page tells the demo's logins where the demo was laid in."""

from typing import Any

from allauth.account.views import LoginView

from demo.committee import PASSWORD
from demo.logins import logins


class DemoLoginView(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = logins()
        more = {"demo_logins": known, "demo_password": PASSWORD if known else ""}
        return {**super().get_context_data(**kwargs), **more}


login = DemoLoginView.as_view()
