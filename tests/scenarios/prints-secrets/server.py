import os

for name in ("SECRET_KEY", "DATABASE_URL", "PGPASSWORD", "MY_TOKEN"):
    os.write(1, f"{name} is {os.environ[name]}\n".encode())
raise SystemExit("that is all")
