import {eachVoxel, voxelCount} from "./tumour.js";

/** Where a voxel of the head lies. */
type Tissue = "air" | "fat" | "muscle" | "bone" | "brain";

/** A plain head: skin and fat about muscle, an airway in front, the clivus and spine behind, the brain above. */
function tissueAt(i: number, j: number, k: number): Tissue {
  const [x, y, z] = [(i - 31.5) * 2, (j - 31.5) * 2, (k - 11.5) * 3];
  const fromMiddle = Math.hypot(x / 62, y / 62);
  if (fromMiddle > 1) return "air";
  if (fromMiddle > 0.9) return "fat";
  if (Math.hypot(x / 9, (y - 34) / 12) < 1 && z < 20) return "air";
  if (Math.hypot(x / 14, (y + 38) / 13) < 1) return "bone";
  if (z > 24 && Math.hypot((Math.abs(x) - 34) / 20, (y + 4) / 34) < 1) return "brain";
  return "muscle";
}

const tissueSuv = {air: 0, fat: 0.4, muscle: 1.1, bone: 1.4, brain: 6} as const;
const tissueHu = {air: -1000, fat: -95, muscle: 50, bone: 450, brain: 35} as const;

/** The same in every patient: a head by one of the tables above. */
function paint(values: Readonly<Record<Tissue, number>>): () => Float32Array {
  let painted: Float32Array | null = null;
  return () => {
    if (painted) return painted;
    const head = new Float32Array(voxelCount);
    eachVoxel((voxel, i, j, k) => (head[voxel] = values[tissueAt(i, j, k)]));
    return (painted = head);
  };
}

/** SUV of healthy tissue. */
export const backgroundUptake = paint(tissueSuv);
/** HU of healthy tissue. */
export const backgroundDensity = paint(tissueHu);
