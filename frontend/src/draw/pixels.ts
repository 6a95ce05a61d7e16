/** Pictures as the server sends them: bytes in base64. */

const NO_INK = new Uint8Array(0);

export function toPixels(text: string): Uint8Array {
  return text === "" ? NO_INK : Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
}
