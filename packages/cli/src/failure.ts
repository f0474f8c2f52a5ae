const MARK = Symbol("failure");

/** Something that the person at the terminal must mend: ends the command with exit code 2 and these lines. */
export function failure(...lines: string[]): Error {
  return Object.assign(new Error(lines.join("\n")), { [MARK]: true });
}

export const isFailure = (thrown: unknown): thrown is Error => thrown instanceof Error && MARK in thrown;

/** What a failed system call means, in words. */
export function unreadable(path: string, thrown: unknown): Error {
  const { code, message } = thrown as NodeJS.ErrnoException;
  const why =
    code === "ENOENT"
      ? "there is no such file or folder"
      : code === "EISDIR"
        ? "it is a folder, where a file is expected"
        : code === "ENOTDIR"
          ? "it is a file, where a folder is expected"
          : code === "EACCES"
            ? "it may not be read"
            : message;
  return failure(`${path}: ${why}`);
}
