"""The paths of the server. openapi.yaml says which come next, brief.md says why."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from tags import views

urlpatterns = [
    path("api/tags", views.tags),
]


def handler404(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer an unknown path in the shape of the contract."""
    return JsonResponse({"errors": {"path": ["not found"]}}, status=404)


def handler500(request: HttpRequest) -> JsonResponse:
    """Answer after an error, which Django has logged."""
    return JsonResponse({"errors": {"request": ["could not be answered"]}}, status=500)
