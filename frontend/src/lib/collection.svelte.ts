/** A person's own drawings, each with what it shows: kept in this browser, and a set to learn from. */

import { SIDE, type Strokes, toStrokes } from "./strokes";

const KEY = "inkmeans.drawings";

/** A drawing as the server and `inkmeans cluster` take it. */
export interface OwnDrawing {
  readonly strokes: Strokes;
  readonly width: number;
  readonly height: number;
  readonly pen: number;
  readonly truth: string;
}

interface Kept extends OwnDrawing {
  readonly id: string;
}

class Collection {
  #kept = $state.raw<readonly Kept[]>(recall());

  constructor() {
    // Another tab of the same address adds to the same drawings.
    window.addEventListener("storage", ({ key }) => {
      if (key === KEY || key === null) this.#kept = recall();
    });
  }

  get drawings(): readonly OwnDrawing[] {
    return this.#kept.map(({ id: _, ...drawing }) => drawing);
  }

  get size(): number {
    return this.#kept.length;
  }

  /** Keep a drawing with what it shows; returns what `remove` takes. */
  add(strokes: Strokes, pen: number, truth: string): string {
    const id = crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.#keep([...this.#kept, { id, strokes, width: SIDE, height: SIDE, pen, truth }]);
    return id;
  }

  has(id: string): boolean {
    return this.#kept.some((drawing) => drawing.id === id);
  }

  remove(id: string): void {
    this.#keep(this.#kept.filter((drawing) => drawing.id !== id));
  }

  clear(): void {
    this.#keep([]);
  }

  /** Save them as a file of pen strokes. */
  download(): void {
    const text = JSON.stringify({ drawings: this.drawings });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "drawings.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  #keep(drawings: readonly Kept[]): void {
    this.#kept = drawings;
    try {
      localStorage.setItem(KEY, JSON.stringify(drawings));
    } catch {
      // Storage can be full or forbidden; then they last as long as the page.
    }
  }
}

function recall(): readonly Kept[] {
  try {
    const data: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(data) ? data.filter(isKept) : [];
  } catch {
    return [];
  }
}

/** Whether the server takes it: one that it does not would keep all others from being a set. */
function isKept(data: unknown): data is Kept {
  const drawing = data as Partial<Kept> | null;
  return (
    typeof drawing?.id === "string" &&
    typeof drawing.truth === "string" &&
    drawing.truth !== "" &&
    [drawing.pen, drawing.width, drawing.height].every(
      (length) => typeof length === "number" && length > 0,
    ) &&
    toStrokes(drawing.strokes).length > 0
  );
}

export const collection = new Collection();
