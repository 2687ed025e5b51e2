// A `fetch` that keeps cookies and names its origin, as a browser does for the client libraries that rely on it.

export function browserLike(origin: string): { fetch: typeof fetch; cookies: Map<string, string> } {
  const cookies = new Map<string, string>();
  const kept: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("origin", origin);
    if (cookies.size > 0) {
      headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    const answer = await fetch(input, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";");
      const at = pair.indexOf("=");
      const name = pair.slice(0, at).trim();
      const ended = attributes.some((attribute) => attribute.trim().toLowerCase() === "max-age=0");
      if (ended) {
        cookies.delete(name);
      } else {
        cookies.set(name, pair.slice(at + 1).trim());
      }
    }
    return answer;
  };
  return { fetch: kept, cookies };
}
