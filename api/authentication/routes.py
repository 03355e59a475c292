"""REST for signing in and out: `/auth/*`. Errors are RFC 9457 problems with `code`, `message` and `field`."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException

from api.authentication.cookies import SESSION_COOKIE, clear_cookies, set_cookies
from api.authentication.models import SignedIn
from api.authentication.registration import Registration
from api.authentication.requests import RequestAuthenticator
from api.authentication.service import AuthenticationService
from api.authorization.models import Role
from api.error_codes import ErrorCode
from api.errors import (
    ExpectedFailure,
    Forbidden,
    MoorageError,
    NameTaken,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from api.users.models import User

_STATUS: tuple[tuple[type[MoorageError], int], ...] = (
    (NameTaken, 409),
    (ExpectedFailure, 422),
    (Unauthenticated, 401),
    (Forbidden, 403),
    (RateLimited, 429),
    (Unavailable, 503),
)
_UNANSWERED = {
    404: (ErrorCode.NOT_FOUND, "There is nothing at this address. The graph is at /graphql, signing in below /auth/."),
    405: (ErrorCode.BAD_REQUEST, "Nothing here answers {method}. The graph is at /graphql, signing in below /auth/."),
}
_Text = Annotated[str, Field(max_length=1024)]


class _Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid")


class RegisterBody(_Body):
    """Who wants an account."""

    email: _Text
    password: SecretStr = Field(max_length=1024)
    display_name: _Text
    admin_token: _Text | None = None


class LoginBody(_Body):
    """Who signs in."""

    email: _Text
    password: SecretStr = Field(max_length=1024)


class UserBody(_Body):
    """The user who is signed in."""

    id: UUID
    email: str
    display_name: str
    role: Role

    @classmethod
    def of(cls, user: User) -> UserBody:
        return cls(id=user.id, email=user.email, display_name=user.display_name, role=user.role)


class SessionBody(_Body):
    """A session: who it is of, and when it ends whatever happens."""

    user: UserBody | None
    expires_at: datetime | None = None


class Problem(_Body):
    """An error by RFC 9457; `field` is the field of the body that it is about."""

    title: str
    status: int
    code: ErrorCode
    message: str
    field: str | None = None


class _ProblemRoute(APIRoute):
    """Turns our errors into problems where they leave, so that handlers only raise them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except MoorageError as error:
                return problem(error)
            except RequestValidationError as error:
                return _invalid_body(error)
            except HTTPException as error:
                return _unreadable(error)

        return handle


def router(service: AuthenticationService, authenticator: RequestAuthenticator) -> APIRouter:
    """The routes under `/auth`."""
    routes = APIRouter(prefix="/auth", tags=["authentication"], route_class=_ProblemRoute)
    failures: dict[int | str, dict[str, Any]] = {status: {"model": Problem} for _, status in _STATUS}

    async def opened(request: Request, response: Response, signed_in: SignedIn) -> SessionBody:
        """Give the browser its new session; the one that it had before ends."""
        if (former := request.cookies.get(SESSION_COOKIE)) is not None:
            await service.log_out(former)
        response.headers["Cache-Control"] = "no-store"
        set_cookies(response, signed_in)
        return SessionBody(user=UserBody.of(signed_in.user), expires_at=signed_in.expires_at)

    @routes.post("/register", status_code=201, responses=failures, summary="Make an account and sign in")
    async def register(body: RegisterBody, request: Request, response: Response) -> SessionBody:
        authenticator.require_own_page(request)
        registration = Registration(
            email=body.email,
            password=body.password.get_secret_value(),
            display_name=body.display_name,
            admin_token=body.admin_token,
        )
        return await opened(request, response, await service.register(registration, address=_address(request)))

    @routes.post("/login", responses=failures, summary="Sign in")
    async def log_in(body: LoginBody, request: Request, response: Response) -> SessionBody:
        authenticator.require_own_page(request)
        password = body.password.get_secret_value()
        signed_in = await service.log_in(email=body.email, password=password, address=_address(request))
        return await opened(request, response, signed_in)

    @routes.post("/logout", status_code=204, responses=failures, summary="Sign out")
    async def log_out(request: Request, response: Response) -> None:
        await authenticator.of_request(request)
        if (secret := request.cookies.get(SESSION_COOKIE)) is not None:
            await service.log_out(secret)
        clear_cookies(response)

    @routes.get("/session", responses=failures, summary="Who is signed in")
    async def session(request: Request, response: Response) -> SessionBody:
        response.headers["Cache-Control"] = "no-store"
        principal = await authenticator.of_request(request)
        return SessionBody(user=UserBody.of(await service.user(principal)) if principal is not None else None)

    return routes


def problem(error: MoorageError) -> JSONResponse:
    """An error as a problem."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    field = ".".join(map(str, error.path)) if isinstance(error, ExpectedFailure) and error.path else None
    headers = {"Retry-After": str(max(1, round(error.retry_after)))} if isinstance(error, RateLimited) else {}
    return _problem(status, error.code, error.message, field, headers)


async def unanswered(request: Request, error: Exception) -> Response:
    """What routing says of an address or a method that nothing answers, as a problem."""
    if not isinstance(error, HTTPException):
        raise error
    code, message = _UNANSWERED.get(error.status_code, (ErrorCode.BAD_REQUEST, error.detail))
    message = message.format(method=request.method)
    return _problem(error.status_code, code, message, None, dict(error.headers or {}))


def _invalid_body(error: RequestValidationError) -> JSONResponse:
    """The first finding; what was sent is not repeated, as it may be a password."""
    first = error.errors()[0]
    field = ".".join(part for part in first["loc"][1:] if isinstance(part, str))
    return _problem(422, ErrorCode.BAD_USER_INPUT, f"{field or 'The body'}: {first['msg']}.", field or None, {})


def _unreadable(error: HTTPException) -> JSONResponse:
    """What FastAPI says of a body that it cannot read at all."""
    return _problem(error.status_code, ErrorCode.BAD_USER_INPUT, "The body is no JSON object.", None, {})


def _problem(status: int, code: ErrorCode, message: str, field: str | None, headers: dict[str, str]) -> JSONResponse:
    body = Problem(title=code.replace("_", " ").capitalize(), status=status, code=code, message=message, field=field)
    content = body.model_dump(by_alias=True, exclude_none=True)
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""
