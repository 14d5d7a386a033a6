import {writeArtifact} from "../../data-loaders/pipeline/artifact.js";

await writeArtifact("training-logs.json");
