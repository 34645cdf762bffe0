"""Addresses of guidelines, amendments and dilemmas."""

from django.urls import path

from ethics.views import amendments, dilemmas, guidelines

G, A, D = "etik/retningslinjer", "etik/retningslinjer/aendringer", "etik/dilemmaer"
urlpatterns = [
    path(f"{G}/", guidelines.guideline_list, name="guideline_list"),
    path(f"{G}/ny/", guidelines.guideline_new, name="guideline_new"),
    path(f"{A}/<int:amendment_id>/", amendments.amendment_page, name="amendment_page"),
    path(f"{A}/<int:amendment_id>/svar/", amendments.amendment_answer, name="amendment_answer"),
    path(f"{A}/<int:amendment_id>/ny-tekst/", amendments.amendment_rebase, name="amendment_rebase"),
    path(f"{G}/<slug:guideline>/", guidelines.guideline_page, name="guideline_page"),
    path(f"{G}/<slug:guideline>/arbejde/", guidelines.guideline_work, name="guideline_work"),
    path(f"{G}/<slug:guideline>/vedtag/", guidelines.guideline_adopt, name="guideline_adopt"),
    path(f"{G}/<slug:guideline>/afsnit/nyt/", guidelines.section_new, name="section_new"),
    path(
        f"{G}/<slug:guideline>/afsnit/<int:number>/",
        guidelines.section_edit,
        name="section_edit",
    ),
    path(
        f"{G}/<slug:guideline>/afsnit/<int:number>/kladde/",
        guidelines.section_draft,
        name="section_draft",
    ),
    path(
        f"{G}/<slug:guideline>/afsnit/<int:number>/aendring/",
        amendments.amendment_new,
        name="amendment_new",
    ),
    path(f"{D}/", dilemmas.dilemma_list, name="dilemma_list"),
    path(f"{D}/nyt/", dilemmas.dilemma_new, name="dilemma_new"),
    path(f"{D}/<int:dilemma_id>/", dilemmas.dilemma_page, name="dilemma_page"),
    path(f"{D}/<int:dilemma_id>/rediger/", dilemmas.dilemma_edit, name="dilemma_edit"),
    path(f"{D}/<int:dilemma_id>/argument/", dilemmas.argument_new, name="argument_new"),
    path(f"{D}/<int:dilemma_id>/offentliggoer/", dilemmas.dilemma_publish, name="dilemma_publish"),
]
