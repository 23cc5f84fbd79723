const HIDDEN = '********';

/** `text` fit to be shown: `whole` hides everything, `url` hides a password and a query. */
export function mask(text: string, secret: 'no' | 'whole' | 'url'): string {
  if (secret === 'no' || text === '') return text;
  if (secret === 'whole') return HIDDEN;
  if (/^sqlite:/i.test(text)) return text;
  if (!URL.canParse(text)) return HIDDEN;
  const { protocol, username, password, host, pathname, search } = new URL(text);
  const user = username === '' ? '' : `${username}${password === '' ? '' : `:${HIDDEN}`}@`;
  const bare = password !== '' && username === '' ? `:${HIDDEN}@` : user;
  return `${protocol}//${bare}${host}${pathname === '/' ? '' : pathname}${search === '' ? '' : `?${HIDDEN}`}`;
}
