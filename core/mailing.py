"""Short mails: what happened, what to do, where. Each has a text and an HTML part."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string

from core.text import INVISIBLE

LANGUAGE = "da"


@dataclass(frozen=True)
class Notice:
    """A short mail: what happened, what to do, where."""

    subject: str
    lines: list[str]
    link: str
    link_text: str
    mark: str
    answer_to: str


def build_notice(notice: Notice, user: Any) -> EmailMultiAlternatives:
    """A short mail to one person. Call with `LANGUAGE` active."""
    return build_message(
        subject=notice.subject,
        to=user,
        template="notice",
        context={"notice": notice, "user": user},
        mark=f"{notice.mark}.{user.pk}",
        answer_to=notice.answer_to,
    )


def build_message(
    *, subject: str, to: Any, template: str, context: dict[str, Any], mark: str, answer_to: str
) -> EmailMultiAlternatives:
    """A mail from `mail/<template>.txt` and `.html`; the same mark gives the same Message-ID."""
    message = EmailMultiAlternatives(
        subject=one_line(subject),
        body=render_to_string(f"mail/{template}.txt", context).strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[recipient(to)],
        reply_to=[one_line(answer_to)],
        headers={
            "Message-ID": f"<{mark}@{site_host()}>",
            # No answering machine should answer the secretariat.
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    return message


def recipient(user: Any) -> str:
    """Name and address as a header wants them, whatever stands in the name."""
    local, _at, domain = one_line(user.email).rpartition("@")
    return str(Address(one_line(user.name), local, domain))


def send(message: EmailMessage) -> None:
    """Hand the mail to the server. Raises what the server says; the outbox tries again."""
    message.send(fail_silently=False)


def one_line(value: Any) -> str:
    """`value` without line breaks and control characters: safe in headers and properties."""
    return " ".join(INVISIBLE.sub("", str(value)).split())


def absolute(path: str) -> str:
    """The full address of a page, as mail and calendars need it."""
    return f"{settings.SITE_URL}{path}"


def answer_address(contact: str) -> str:
    """Where answers go: to `contact`, else to whoever the system writes as."""
    return contact or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def site_host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
