/** Where the page lives; the only place that a window of ours ever shows. */
export const appScheme = 'app';
export const appHost = 'studio';
export const appUrl = `${appScheme}://${appHost}/`;
export const appOrigin = `${appScheme}://${appHost}`;

/** Whether this is a page of ours, by the parser that browsers use and not by how the text begins. */
export function isAppUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  const { protocol, hostname, port, username, password } = url;
  return protocol === `${appScheme}:` && hostname === appHost && port === '' && username === '' && password === '';
}
