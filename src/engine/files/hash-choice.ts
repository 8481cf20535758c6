// Which hashes a file gets. They are a fifth of what a web page costs the engine, and MD5 is half of that.

export type Algorithm = 'md5' | 'sha1' | 'sha256';

/** What indicator feeds list: for everything that may be run, opened or unpacked, and for what is not recognised. */
const every: readonly Algorithm[] = ['md5', 'sha1', 'sha256'];
/** For what a page is made of: one name is enough. */
const one: readonly Algorithm[] = ['sha256'];

/** Pictures, sound, fonts, style: the bulk of the web, and never a tool by themselves. */
const furniture = /^(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:font-|x-font-|vnd\.ms-fontobject)|text\/(?:html|css)$)/;
const known = new Map<string, readonly Algorithm[]>();

/** @param mimeType by content; undefined when it is not recognised */
export function hashesFor(mimeType: string | undefined): readonly Algorithm[] {
  if (mimeType === undefined) return every;
  let choice = known.get(mimeType);
  if (choice === undefined) {
    choice = furniture.test(mimeType) ? one : every;
    // Types come from our own rules, so that the map is as small as they are few.
    known.set(mimeType, choice);
  }
  return choice;
}
