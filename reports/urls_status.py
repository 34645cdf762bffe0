from django.urls import path

from reports.views import items, plans, recipients, reports, texts

ONE = "rapporter/<int:report_id>/"
TO = f"{ONE}modtagere/<int:recipient_id>/"
LINK = "rapporter/modtager/<str:token>/"

urlpatterns = [
    path("rapporter/", reports.report_list, name="report_list"),
    path("rapporter/plan/", plans.report_plan, name="report_plan"),
    path("rapporter/ny/", reports.report_new, name="report_new"),
    path(LINK, recipients.link_page, name="link_page"),
    path(f"{LINK}aabn/", recipients.link_open, name="link_open"),
    path(f"{LINK}rapport.pdf", recipients.link_file, name="link_file"),
    path(ONE, reports.report_page, name="report_page"),
    path(f"{ONE}tekster/", texts.report_edit, name="report_edit"),
    path(f"{ONE}tekster/kladde/", texts.report_draft, name="report_draft"),
    path(f"{ONE}datoer/", reports.report_dates, name="report_dates"),
    path(f"{ONE}punkt/", items.report_item, name="report_item"),
    path(f"{ONE}godkend/", reports.report_approve, name="report_approve"),
    path(f"{ONE}rapport.pdf", reports.report_file, name="report_file"),
    path(f"{ONE}lav-pdf/", reports.report_file_request, name="report_file_request"),
    path(f"{ONE}modtagere/", recipients.report_recipients, name="report_recipients"),
    path(TO, recipients.recipient_edit, name="recipient_edit"),
    path(f"{TO}retur/", recipients.recipient_bounce, name="recipient_bounce"),
    path(f"{TO}<slug:act>/", recipients.recipient_act, name="recipient_act"),
    path(f"{ONE}<slug:act>/", reports.report_act, name="report_act"),
]
