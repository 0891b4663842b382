// Which origins the owner lets embed the panel, and which one does.

/** `*` allows every origin, `https://*.example.com` every subdomain, anything else is compared exactly. */
export function isAllowedOrigin(origin: string, allowed: string[]): boolean {
  if (!/^https?:\/\//.test(origin)) return false;
  return allowed.some((entry) => {
    const [scheme, rest] = entry.split('//*.');
    if (entry === '*' || entry === origin) return true;
    return rest !== undefined && origin.startsWith(`${scheme}//`) && origin.endsWith(`.${rest}`);
  });
}

/** The parent's origin as the browser tells it, before anybody has spoken. */
export function knownParentOrigin(ancestors: ArrayLike<string> | undefined, referrer: string): string | null {
  const [first] = Array.from(ancestors ?? []);
  if (first) return first === 'null' ? null : first;
  try {
    return new URL(referrer).origin;
  } catch {
    return null;
  }
}
