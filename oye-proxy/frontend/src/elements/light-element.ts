import { OyeElement } from "./oye-element.ts";

/** An element that renders into the page itself, since password managers do not look into shadows. */
export class LightElement extends OyeElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** Return what a form holds under a name. */
export function fieldOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value : "";
}
