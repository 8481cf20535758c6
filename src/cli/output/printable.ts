// Text from the cloud on a terminal: a tenant chose the names, and could move the cursor with them.

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we look for
const control = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202f\u2060-\u206f]/gu;

/** One line without control characters and marks of writing direction. */
export const printable = (text: string): string => text.replace(control, '·');
