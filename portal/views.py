"""Front pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@login_not_required
def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


my_work = news_read = was = front
