/** Where the arrow keys go in the map: every link and button of the grid can be reached, one of them has the focus. */

/** A place in the grid: rows as they follow on each other, columns 0 (name), 1 (AWS), 2 (shared), 3 (you). */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/**
 * @param places all that can have the focus, in the order of the document
 * @param from index of the one that has it
 * @param key as keyboard events name it
 * @returns the index of the next one; undefined: the key does nothing here
 */
export function moveFocus(places: readonly Place[], from: number, key: string, control: boolean): number | undefined {
  const here = places[from];
  if (!here) return undefined;
  const inRow = (at: number) => places[at]?.row === here.row;
  switch (key) {
    case 'ArrowRight':
      return inRow(from + 1) ? from + 1 : from;
    case 'ArrowLeft':
      return inRow(from - 1) ? from - 1 : from;
    case 'ArrowDown':
      return below(places, from, 1);
    case 'ArrowUp':
      return below(places, from, -1);
    case 'Home':
      return control ? 0 : places.findIndex(({ row }) => row === here.row);
    case 'End':
      return control ? places.length - 1 : places.findLastIndex(({ row }) => row === here.row);
    default:
      return undefined;
  }
}

/** The next one of the same cell, else the nearest of the next row's same column, else its first. */
function below(places: readonly Place[], from: number, step: 1 | -1): number {
  const here = places[from]!;
  for (let at = from + step; places[at]?.row === here.row; at += step) {
    if (places[at]!.column === here.column) return at;
  }
  let next = from;
  while (places[next]?.row === here.row) next += step;
  const row = places[next]?.row;
  if (row === undefined) return from;
  let first = next;
  for (let at = next; places[at]?.row === row; at += step) {
    if (places[at]!.column === here.column) return at;
    first = at;
  }
  return step === 1 ? next : first;
}
