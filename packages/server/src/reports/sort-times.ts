/** Up to so many are sorted by moving each to its place. */
const FEW = 32;

/**
 * Sorts `list[begin]` up to `list[end]`, smallest first; no number may be `NaN`. Times lie spread over their range:
 * thrown into as many equal parts of it as there are times, they are nearly in order, which takes a fraction of what
 * comparing them does.
 */
export function sortTimes(list: Float64Array, begin: number, end: number): void {
  const count = end - begin;
  if (count <= FEW) {
    insertionSort(list, begin, end);
    return;
  }
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = begin; i < end; i++) {
    const time = list[i] as number;
    if (time < least) least = time;
    if (time > most) most = time;
  }
  if (least === most) return;
  const scale = (count - 1) / (most - least);
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) {
    list.subarray(begin, end).sort();
    return;
  }
  /** By part: where it ends, once all times are in their parts. */
  const ends = new Int32Array(count);
  const partOf = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const part = Math.floor(((list[begin + i] as number) - least) * scale);
    partOf[i] = part;
    (ends[part] as number)++;
  }
  let sum = 0;
  for (let part = 0; part < count; part++) {
    const size = ends[part] as number;
    ends[part] = sum;
    sum += size;
  }
  const thrown = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const part = partOf[i] as number;
    const place = ends[part] as number;
    ends[part] = place + 1;
    thrown[place] = list[begin + i] as number;
  }
  for (let part = 0, from = 0; part < count; part++) {
    const until = ends[part] as number;
    if (until - from > FEW) thrown.subarray(from, until).sort();
    else if (until - from > 1) insertionSort(thrown, from, until);
    from = until;
  }
  list.set(thrown, begin);
}

function insertionSort(list: Float64Array, begin: number, end: number): void {
  for (let i = begin + 1; i < end; i++) {
    const time = list[i] as number;
    let place = i;
    for (; place > begin && (list[place - 1] as number) > time; place--)
      list[place] = list[place - 1] as number;
    list[place] = time;
  }
}
