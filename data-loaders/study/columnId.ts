/** An id as study.json has them, of the header of a column: lower-case letters, digits and _, starting with a letter. */
export function columnId(header: string): string {
  const id = header
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[a-z]/.test(id) ? id : `c_${id}`;
}
