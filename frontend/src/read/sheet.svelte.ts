/** The picture that is read, and what was read on it. It stays when another view is looked at. */

import { Problem, type ReadText, readPicture } from "../lib/api";
import { server } from "../shell/server.svelte";

export const ACCEPTED = "image/png,image/jpeg,image/tiff,image/webp,image/bmp,image/gif,.ppm,.pgm,.pbm";

export interface Read {
  readonly name: string;
  readonly reading: ReadText;
  /** null where the browser cannot show such a file, as most cannot a TIFF. */
  readonly picture: ImageBitmap | null;
}

class Sheet {
  read = $state.raw<Read | null>(null);
  /** The name of the file that is on its way; "" while none is. */
  waiting = $state("");
  problem = $state("");
  #file: File | null = null;
  #hasFailed = false;

  /** Read a picture in the place of the one that is open, which stays if that fails. */
  async open(file: File): Promise<void> {
    this.#file = file;
    this.#hasFailed = false;
    await this.#send(file);
  }

  /** Send again what could not be sent while the server was away. */
  retry(): void {
    if (this.#file && this.waiting) void this.#send(this.#file);
  }

  async #send(file: File): Promise<void> {
    this.waiting = file.name || "the pasted picture";
    this.problem = "";
    try {
      const [picture, reading] = await Promise.all([show(file), readPicture(file)]);
      if (this.#file !== file) return; // another was opened meanwhile
      this.read = { name: this.waiting, reading, picture };
      this.waiting = "";
      server.answered();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (this.#file === file) this.#failed(error);
    }
  }

  #failed(problem: Problem): void {
    if (problem.passes && !this.#hasFailed) {
      this.#hasFailed = true;
      server.failed(problem); // calls retry() when the server is there again
      return;
    }
    this.problem =
      problem.status === 0
        ? `${this.waiting} could not be sent: the server ended the connection. It takes files up to 50 MB unless it was told otherwise.`
        : `${this.waiting}: ${problem.message}`;
    this.waiting = "";
  }
}

/** Return the picture as the server sees it: turned as the camera noted. */
async function show(file: File): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

export const sheet = new Sheet();
