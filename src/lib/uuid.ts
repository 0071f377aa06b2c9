// uuid(): a row's id in the form that some receivers want. The same id gives the same one, so that rows stay told apart.

/** `id` is 21 characters of nanoid's alphabet, which is that of URL-safe base64: 126 random bits. */
export function uuid(id: string): string {
  const bytes = [...atob(`${id.replace(/-/g, '+').replace(/_/g, '/')}AAA`)].slice(0, 16).map((char) => char.charCodeAt(0))
  // Version 4, which says that all the rest is random.
  bytes[6] = ((bytes[6] as number) & 15) | 64
  bytes[8] = ((bytes[8] as number) & 63) | 128
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
