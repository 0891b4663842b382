//! Settings of the model vendors.

use super::{Setting, aliased, setting};

/// Who answers, with what, and what it costs.
pub(super) const MODEL: &[Setting] = &[
    setting(
        "AI_PROVIDER",
        "claude",
        "openai",
        "Who answers: claude, openai, gemini, compatible or demo; without its key the first that has one.",
    ),
    setting(
        "AI_FALLBACK",
        "none",
        "openai, gemini",
        "Providers tried in order when the first one fails before its first word.",
    ),
    setting("ANTHROPIC_API_KEY", "none", "sk-ant-your-key", "Key for Claude."),
    setting(
        "ANTHROPIC_BASE_URL",
        "https://api.anthropic.com",
        "https://llm.example.com",
        "Address of the Messages API.",
    ),
    setting("CLAUDE_MODEL", "claude-haiku-5-5", "claude-sonnet-5-5", "Claude model."),
    setting("OPENAI_API_KEY", "none", "sk-your-key", "Key for OpenAI."),
    setting(
        "OPENAI_BASE_URL",
        "https://api.openai.com/v1",
        "http://127.0.0.1:11434/v1",
        "OpenAI's address, or any OpenAI-compatible server.",
    ),
    setting("OPENAI_MODEL", "gpt-6-luna", "gpt-6.1-sol", "OpenAI model."),
    setting(
        "OPENAI_API",
        "responses at OpenAI's own address, else chat",
        "chat",
        "Dialect to speak with OPENAI_BASE_URL: responses or chat.",
    ),
    aliased(
        setting("GEMINI_API_KEY", "none", "AIza-your-key", "Key for Gemini."),
        "GOOGLE_API_KEY",
    ),
    setting(
        "GEMINI_BASE_URL",
        "https://generativelanguage.googleapis.com",
        "https://llm.example.com",
        "Address of the Gemini API.",
    ),
    setting("GEMINI_MODEL", "gemini-3.8-flash", "gemini-3.5-flash-lite", "Gemini model."),
    setting(
        "COMPATIBLE_BASE_URL",
        "none",
        "http://127.0.0.1:11434/v1",
        "A second, OpenAI-compatible server: Ollama, vLLM, llama.cpp, Groq, OpenRouter, Mistral, DeepSeek, LiteLLM.",
    ),
    setting("COMPATIBLE_API_KEY", "none", "gsk-your-key", "Its key, if it wants one."),
    setting("COMPATIBLE_MODEL", "none", "llama3.3", "Its model; needed with COMPATIBLE_BASE_URL."),
    setting(
        "COMPATIBLE_TOOLS",
        "auto",
        "off",
        "Tools for questions about data at OpenAI-compatible servers, OPENAI_BASE_URL among them: auto offers them until the server refuses, off asks for queries in words.",
    ),
    setting("COMPATIBLE_NAME", "Local model", "Ollama", "Its name for people."),
    setting(
        "AI_PRICES",
        "list prices of the vendors",
        "llama3.3=0/0, gpt-6-luna=0.10/0.01/0.50",
        "What models cost: model=input/output or model=input/cached input/output, in US dollars for a million tokens.",
    ),
    setting("AI_CONNECT_TIMEOUT_SECONDS", "5", "10", "How long connecting to a provider may take."),
    setting(
        "AI_FIRST_TOKEN_TIMEOUT_SECONDS",
        "90",
        "600",
        "How long a provider may think before its first word.",
    ),
    setting(
        "AI_IDLE_TIMEOUT_SECONDS",
        "60",
        "90",
        "How long a provider may stay silent within a reply.",
    ),
    setting("AI_TOTAL_TIMEOUT_SECONDS", "600", "900", "How long one reply may take in all."),
];
