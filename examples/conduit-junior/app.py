from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

import accounts
import articles
import comments
from errors import ApiError

MAX_BODY = 1024 * 1024


def error(status, field, message):
    return JSONResponse({"errors": {field: [message]}}, status)


class LimitBody:
    """Nobody may send more than 1 MiB."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > MAX_BODY:
            return await error(413, "body", "is too large")(scope, receive, send)
        size = 0

        async def count():
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY:
                raise HTTPException(413, "body is too large")
            return message

        return await self.app(scope, count, send)


app = FastAPI(openapi_url=None, redirect_slashes=False)
app.add_middleware(LimitBody)
app.include_router(accounts.router, prefix="/api")
app.include_router(articles.router, prefix="/api")
app.include_router(comments.router, prefix="/api")


@app.exception_handler(ApiError)
def api_error(request: Request, exc: ApiError):
    return error(exc.status, exc.field, exc.message)


@app.exception_handler(RequestValidationError)
def invalid(request: Request, exc: RequestValidationError):
    errors = {}
    for problem in exc.errors():
        field = [part for part in problem["loc"] if isinstance(part, str)][-1]
        errors.setdefault(field, []).append(problem["msg"].removeprefix("Value error, "))
    return JSONResponse({"errors": errors}, 422)


@app.exception_handler(HTTPException)
def http_error(request: Request, exc: HTTPException):
    return error(exc.status_code, "request", str(exc.detail))
