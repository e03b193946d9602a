"""What is answered about tags."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from tags.models import Tag


@require_safe
def tags(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"tags": list(Tag.objects.values_list("name", flat=True))})
