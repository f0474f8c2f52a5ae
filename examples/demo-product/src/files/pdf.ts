/** A page of words and columns, drawn once and wrapped in a PDF: a picture needs no fonts for any script. */
export async function pdfOf(
  heading: string,
  lead: string,
  rows: readonly (readonly string[])[],
): Promise<Blob> {
  // A4 at 150 dots per inch.
  const width = 1240;
  const height = 1754;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (pen === null) throw new Error("no canvas");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "#17211d";
  const family = getComputedStyle(document.body).fontFamily;
  pen.font = `600 40px ${family}`;
  pen.fillText(heading, 100, 160);
  pen.font = `22px ${family}`;
  pen.fillStyle = "#55635c";
  pen.fillText(lead, 100, 204, width - 200);
  rows.forEach((row, index) => {
    const y = 300 + index * 48;
    const strong = index === 0 || index === rows.length - 1;
    pen.font = `${strong ? 600 : 400} 22px ${family}`;
    pen.fillStyle = index === 0 ? "#55635c" : "#17211d";
    row.forEach((cell, column) => {
      pen.textAlign = column === 0 ? "left" : "right";
      pen.fillText(cell, column === 0 ? 100 : 100 + ((width - 200) * (column + 1)) / row.length, y);
    });
    pen.fillStyle = "#dde3de";
    pen.fillRect(100, y + 16, width - 200, 1);
  });
  pen.textAlign = "left";
  const picture = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  if (picture === null) throw new Error("no picture");
  return wrap(new Uint8Array(await picture.arrayBuffer()), width, height);
}

function wrap(picture: Uint8Array<ArrayBuffer>, width: number, height: number): Blob {
  const encoder = new TextEncoder();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const offsets: number[] = [];
  let at = 0;
  const add = (bytes: Uint8Array<ArrayBuffer>): void => {
    parts.push(bytes);
    at += bytes.length;
  };
  const text = (words: string): void => add(encoder.encode(words));
  const object = (body: string): void => {
    offsets.push(at);
    text(`${offsets.length} 0 obj\n${body}\n`);
  };
  const draw = "q 595 0 0 842 0 0 cm /P Do Q";
  text("%PDF-1.4\n");
  object("<</Type/Catalog/Pages 2 0 R>>\nendobj");
  object("<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj");
  object(
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>\nendobj",
  );
  object(`<</Length ${draw.length}>>\nstream\n${draw}\nendstream\nendobj`);
  object(
    `<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length ${picture.length}>>\nstream`,
  );
  add(picture);
  text("\nendstream\nendobj\n");
  const table = at;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  text(
    `xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${entries}trailer<</Size ${offsets.length + 1}/Root 1 0 R>>\nstartxref\n${table}\n%%EOF`,
  );
  return new Blob(parts, { type: "application/pdf" });
}
