/** URIs as names of files: what a text is may hang on how its file is called. */

/**
 * A URI without query and fragment, so that it ends in the file's name: `git:/a/main.tf.json?{…}` is `git:/a/main.tf.json`.
 * Paths, in which `?` and `#` are letters, stay as they are.
 */
export function withoutQuery(uri: string): string {
  // One letter before the colon is a Windows drive.
  if (!/^[a-z][a-z0-9+.-]+:/i.test(uri)) return uri;
  const end = uri.search(/[?#]/);
  return end < 0 ? uri : uri.slice(0, end);
}
