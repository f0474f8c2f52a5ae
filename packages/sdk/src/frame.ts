/** A place in the viewport of one document. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The same place, in the viewport of the document that the frame stands in. */
export function outOfFrame(frame: Element, { x, y, width, height }: Box): Box {
  const outer = frame.getBoundingClientRect();
  const { clientLeft, clientTop, offsetWidth } = frame as HTMLElement;
  const { paddingLeft, paddingTop } = getComputedStyle(frame);
  // A frame that is drawn larger or smaller draws what is in it so, too.
  const scale = outer.width / offsetWidth || 1;
  return {
    x: outer.x + (clientLeft + Number.parseFloat(paddingLeft) + x) * scale,
    y: outer.y + (clientTop + Number.parseFloat(paddingTop) + y) * scale,
    width: width * scale,
    height: height * scale,
  };
}
