import {writeFileSync} from "node:fs";
import {studyJsonSchema} from "./schema.js";

// Publishes the checks' schema for editors: npx tsx data-loaders/study/writeSchema.ts
writeFileSync(new URL("study.schema.json", import.meta.url), `${JSON.stringify(studyJsonSchema(), null, 2)}\n`);
