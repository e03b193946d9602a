"""Every path begins with /api (G1)."""

from django.urls import path

from conduit.api import api

urlpatterns = [path("api/", api.urls)]
