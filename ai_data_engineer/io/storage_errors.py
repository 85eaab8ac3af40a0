"""What storage and network raise, as errors of ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ai_data_engineer.errors import AdeError, SilentError, SourceError, TransientError
from ai_data_engineer.io.addresses import scheme_of

_RETRYABLE_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
_RETRYABLE_CODES = frozenset({"SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable"})
_DENIED_CODES = frozenset(
    {
        *("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AllAccessDisabled"),
        *("ExpiredToken", "InvalidToken", "InvalidObjectState", "RequestTimeTooSkewed"),
        "400",  # what a HEAD, whose answer has no text, says of a token that has expired
    }
)
_MISSING_CODES = frozenset({"NoSuchKey", "NoSuchBucket", "NoSuchVersion", "404"})
_REGION_CODES = frozenset(
    {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
    | {"301"}
)


@contextlib.contextmanager
def mapped(place: str) -> Iterator[None]:
    """Turn what storage and network raise into errors of ours.

    The original text is left out: it may quote an address with its credentials.
    """
    try:
        yield
        return
    except AdeError:
        raise
    except Exception as problem:  # noqa: BLE001 - s3fs, botocore and aiohttp share no base class
        error = _translate(problem, place)
    raise error from None


def _translate(problem: Exception, place: str) -> AdeError:
    if isinstance(problem, AdeError):
        return problem
    if isinstance(cause := problem.__cause__, AdeError):
        return cause
    if isinstance(cause, Exception) and (
        # s3fs makes an errno of what a server said, fsspec "not found" of whatever the web did.
        isinstance(problem, FileNotFoundError) or hasattr(cause, "response")
    ):
        problem = cause
    response = getattr(problem, "response", None)
    response = response if isinstance(response, dict) else {}
    code = str(response.get("Error", {}).get("Code", ""))
    status = getattr(problem, "status", None)
    status = status or response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    kind = type(problem).__name__
    if kind == "FileExpired" or code == "PreconditionFailed" or status == 412:
        return changed(place)
    if isinstance(problem, FileNotFoundError) or status in (404, 410) or code in _MISSING_CODES:
        return not_found(place)
    if code in _REGION_CODES or status == 301:
        return SourceError(
            "The bucket lies in another region than the one that is asked.",
            code="E_REGION",
            location=place,
            hint="Set the bucket's region in the block `s3`, or in AWS_DEFAULT_REGION.",
        )
    if (
        isinstance(problem, PermissionError)
        or status in (401, 403)
        or code in _DENIED_CODES
        or kind in ("NoCredentialsError", "PartialCredentialsError")
    ):
        return SourceError(
            "Reading is not permitted.",
            code="E_DENIED",
            location=place,
            hint="Check the permissions and the keys: those of the block `s3`, if there is one, "
            "else those in the environment.",
        )
    if isinstance(problem, IsADirectoryError):
        return SourceError(
            "This is a folder.",
            code="E_IS_DIRECTORY",
            location=place,
            hint="Name a file, or a glob such as `folder/*.csv`.",
        )
    if (
        isinstance(problem, ValueError)
        or kind == "ParamValidationError"
        or code == "InvalidBucketName"
    ):
        return SourceError(
            "This is not an address.",
            code="E_ADDRESS",
            location=place,
            hint="Use a path, s3://bucket/key or https://host/path.",
        )
    local = scheme_of(place) in ("", "file")
    if status in _RETRYABLE_STATUS or code in _RETRYABLE_CODES or (status is None and not local):
        error = SilentError if _is_silence(problem) else TransientError
        return error(
            f"The source does not answer ({kind}).", location=place, hint="Try again later."
        )
    said = f"status {status}" if status else kind
    return SourceError(f"It cannot be read ({said}).", location=place, hint="Check the address.")


def _is_silence(problem: Exception) -> bool:
    # Botocore's own are no TimeoutError.
    return isinstance(problem, TimeoutError) or type(problem).__name__ in (
        "ReadTimeoutError",
        "ConnectTimeoutError",
    )


def changed(place: str) -> SourceError:
    """Return the error for a file that is not the one any more that was begun to read."""
    return SourceError(
        "The file was replaced while it was read.",
        code="E_CHANGED",
        location=place,
        hint="Run again, once whoever writes it is done.",
    )


def not_found(place: str) -> SourceError:
    """Return the error for a file that is not there."""
    return SourceError(
        "There is no such file.",
        code="E_NOT_FOUND",
        location=place,
        hint="Check the path and the folder it is relative to.",
    )
