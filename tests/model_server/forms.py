"""One reply of a test's script in the forms of Gemini and of OpenAI: status, headers, body."""

from __future__ import annotations

from typing import Any

from .replies import Reply

Headers = list[tuple[str, str]]

# google.ai.generativelanguage.v1beta.Candidate.FinishReason
_FINISH = {
    "STOP": 1,
    "MAX_TOKENS": 2,
    "SAFETY": 3,
    "RECITATION": 4,
    "OTHER": 5,
    "LANGUAGE": 6,
    "BLOCKLIST": 7,
    "PROHIBITED_CONTENT": 8,
    "SPII": 9,
    "MALFORMED_FUNCTION_CALL": 10,
}
_GOOGLE_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_TYPE = "type.googleapis.com/google.rpc."
MESSAGE = "Sesame: a text of the server's that may quote what it was sent"
"""Stands in every error, so that tests can see whether it leaks."""


def google_reply(
    reply: Reply, model: str, *, int_enums: bool
) -> tuple[int, Headers, dict[str, Any]]:
    if reply.status != 200:
        return _google_error(reply)
    answer: dict[str, Any] = {
        "usageMetadata": {
            "promptTokenCount": reply.input_tokens,
            "candidatesTokenCount": max(reply.output_tokens - reply.thought_tokens, 0),
            "thoughtsTokenCount": reply.thought_tokens,
            "cachedContentTokenCount": reply.cached_tokens,
            "totalTokenCount": reply.input_tokens + reply.output_tokens,
        },
        "modelVersion": reply.model or model,
        "responseId": "r-1",
    }
    if reply.finish == "blocked_prompt":
        return 200, [], answer | {"promptFeedback": {"blockReason": 1 if int_enums else "SAFETY"}}
    reason = {"stop": "STOP", "length": "MAX_TOKENS", "refusal": "PROHIBITED_CONTENT"}.get(
        reply.finish, reply.finish
    )
    parts = [{"text": reply.thought, "thought": True}] if reply.thought else []
    if reply.text:
        parts.append({"text": reply.text})
    candidate = {
        "content": {"parts": parts, "role": "model"} if parts else {"role": "model"},
        "finishReason": _FINISH.get(reason, 99) if int_enums else reason,
        "index": 0,
    }
    return 200, [], {"candidates": [candidate], **answer}


def _google_error(reply: Reply) -> tuple[int, Headers, dict[str, Any]]:
    code = 400 if reply.error == "bad_key" else reply.status
    details: list[dict[str, Any]] = []
    if reply.error == "bad_key":
        details.append({"@type": _TYPE + "ErrorInfo", "reason": "API_KEY_INVALID", "metadata": {}})
    if reply.error == "quota":
        violation = {"quotaMetric": "generate_content_paid_tier", "quotaId": "RequestsPerDay"}
        details.append({"@type": _TYPE + "QuotaFailure", "violations": [violation]})
    if isinstance(reply.retry_after, int | float) and reply.retry_in in ("body", "both"):
        details.append({"@type": _TYPE + "RetryInfo", "retryDelay": f"{reply.retry_after}s"})
    error = {
        "code": code,
        "message": MESSAGE,
        "status": _GOOGLE_STATUS.get(code, "UNKNOWN"),
        "details": details,
    }
    return code, _retry_headers(reply), {"error": error}


def openai_reply(reply: Reply, model: str) -> tuple[int, Headers, dict[str, Any]]:
    if reply.finish == "blocked_prompt":
        return 400, [], _openai_error("content_filter", "invalid_request_error")
    if reply.status != 200:
        return reply.status, _retry_headers(reply), _openai_error(*_OPENAI_CODES[reply.error])
    message: dict[str, Any] = {"role": "assistant", "content": reply.text}
    if reply.thought:
        message["reasoning_content"] = reply.thought
    if reply.finish == "refusal":
        message |= {"content": None, "refusal": MESSAGE}
    finish = {"stop": "stop", "length": "length", "refusal": "stop"}.get(
        reply.finish, "content_filter"
    )
    usage = {
        "prompt_tokens": reply.input_tokens,
        "completion_tokens": reply.output_tokens,
        "total_tokens": reply.input_tokens + reply.output_tokens,
        "prompt_tokens_details": {"cached_tokens": reply.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": reply.thought_tokens},
    }
    return (
        200,
        [],
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": reply.model or model,
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": usage,
        },
    )


_OPENAI_CODES: dict[str, tuple[str | None, str]] = {
    "busy": ("rate_limit_exceeded", "requests"),
    "quota": ("insufficient_quota", "insufficient_quota"),
    "bad_key": ("invalid_api_key", "invalid_request_error"),
    "forbidden": ("unsupported_country_region_territory", "request_forbidden"),
    "unknown_model": ("model_not_found", "invalid_request_error"),
    "bad_request": (None, "invalid_request_error"),
    "too_long": ("context_length_exceeded", "invalid_request_error"),
    "other": (None, "server_error"),
}


def _openai_error(code: str | None, kind: str) -> dict[str, Any]:
    return {"error": {"message": MESSAGE, "type": kind, "param": None, "code": code}}


def _retry_headers(reply: Reply) -> Headers:
    if reply.retry_after is None or reply.retry_in == "body":
        return []
    if reply.retry_in == "ms":
        return [("retry-after-ms", str(int(float(reply.retry_after) * 1000)))]
    return [("Retry-After", str(reply.retry_after))]


def google_list(models: list[str]) -> dict[str, Any]:
    return {
        "models": [
            {"name": f"models/{name}", "supportedGenerationMethods": ["generateContent"]}
            for name in models
        ]
    }


def openai_list(models: list[str]) -> dict[str, Any]:
    return {
        "object": "list",
        "data": [
            {"id": name, "object": "model", "created": 0, "owned_by": "me"} for name in models
        ],
    }
