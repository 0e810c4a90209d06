import { BrowserBuffer } from './browser-buffer.ts';

/** Put in place of the global of Node.js by the build. */
export { BrowserBuffer as Buffer };

export const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);
