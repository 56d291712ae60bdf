// Run from the root of the repository (npm run lint does): the tests lie outside this folder.
import { fileURLToPath } from "node:url";
import { defineConfig, globalIgnores } from "eslint/config";
import lit from "eslint-plugin-lit";
import litA11y from "eslint-plugin-lit-a11y";
import tseslint from "typescript-eslint";

const FORBIDDEN_NAMES = "unsafeHTML|unsafeSVG|unsafeMathML|unsafeStatic|styleMap";
const FORBIDDEN_MEMBERS = "innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|srcdoc";

const forbid = (selector, message) => ({ selector, message });

// What console.md calls section 11: the console runs on Home Assistant's own origin.
const SECURITY = [
  forbid(
    `Identifier[name=/^(${FORBIDDEN_NAMES})$/]`,
    "It writes markup or attributes that the policy refuses.",
  ),
  forbid(
    `MemberExpression[property.name=/^(${FORBIDDEN_MEMBERS})$/]`,
    "Markup is written by Lit templates alone.",
  ),
  forbid(
    "MemberExpression[object.name='document'][property.name=/^(write|writeln|cookie)$/]",
    "Not under ingress.",
  ),
  forbid(
    "MemberExpression[object.name='window'][property.name=/^(parent|top|opener)$/]",
    "Leave the embedding page alone.",
  ),
  forbid(
    "MemberExpression[property.name='createPolicy']",
    "Lit's Trusted Types policy is the only one.",
  ),
  forbid("NewExpression[callee.name='Function']", "No code from text."),
  forbid(
    "TaggedTemplateExpression[tag.name=/^(html|svg)$/] TemplateElement[value.raw=/\\sstyle=/]",
    "Bind .style or use a class: the policy refuses style attributes.",
  ),
  forbid(
    "CallExpression[callee.object.name='document'][callee.property.name=/^(querySelector|querySelectorAll|getElementById)$/]",
    "Elements get properties and emit events.",
  ),
  forbid(
    "MemberExpression[object.name=/^(navigator)$/][property.name='clipboard']",
    "copyText() works on plain http as well.",
  ),
  forbid(
    "MemberExpression[object.name='crypto']",
    "Plain http is no secure context: use a counter.",
  ),
];

export default defineConfig(
  globalIgnores(["**/node_modules/", "**/*.gen.ts"]),
  {
    files: ["oye-proxy/frontend/**/*.ts", "tests/console/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: fileURLToPath(new URL("tsconfig.json", import.meta.url)),
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "no-eval": "error",
      "no-implied-eval": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  {
    files: ["oye-proxy/frontend/src/**/*.ts"],
    extends: [lit.configs["flat/recommended"], litA11y.configs.recommended],
    rules: {
      "no-console": "error",
      "no-restricted-syntax": ["error", ...SECURITY],
      // Events bubble from native controls inside; the elements themselves are no controls.
      "lit-a11y/click-events-have-key-events": "error",
    },
  },
);
