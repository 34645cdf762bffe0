"""Addresses of the discussion; `usecases.urls` takes them in before the moves."""

from django.urls import path

from usecases.views import discussion, merging

CASE = "forslag/<int:case_id>/"
COMMENT = f"{CASE}samtale/<int:number>/"
urlpatterns = [
    path(f"{CASE}samtale/", discussion.case_discussion, name="case_discussion"),
    path(f"{CASE}samtale/kladde/", discussion.comment_draft, name="comment_draft"),
    path(f"{COMMENT}udgaver/", discussion.comment_versions, name="comment_versions"),
    path(f"{COMMENT}ret/", discussion.comment_edit, name="comment_edit"),
    path(f"{COMMENT}fjern/", discussion.comment_remove, name="comment_remove"),
    path(f"{CASE}laest/", discussion.case_seen, name="case_seen"),
    path(f"{CASE}foelg/", discussion.case_follow, name="case_follow"),
    path(f"{CASE}aendringer/", discussion.case_revisions, name="case_revisions"),
    path(f"{CASE}saml/", merging.case_merge, name="case_merge"),
    path(f"{CASE}del/", merging.case_split, name="case_split"),
]
