SECRET_KEY = "only for tests"
ROOT_URLCONF = "cart.urls"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
INSTALLED_APPS = ["cart"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "cart.sqlite3"}}
