/** What a page of Graft may load and do; the same for app:// and for loopback. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');

/** Of what a browser can lend a page, ours may ask for the pictures of a camera, and nothing that it might show may ask for any. */
const permissionsPolicy = [
  'camera=(self)',
  ...['microphone', 'display-capture', 'geolocation', 'usb', 'serial', 'hid', 'midi', 'payment'].map(
    (name) => `${name}=()`,
  ),
].join(', ');

/** On every answer that Graft gives to a page, of any route and any status. There are no CORS headers at all. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': permissionsPolicy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
