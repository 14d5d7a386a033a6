import {writeArtifact} from "../../data-loaders/pipeline/artifact.js";

await writeArtifact("pet-slices.arrow");
