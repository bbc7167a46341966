//! Convolutions over whole images, without patches: each receptive field is read where it lies.
//!
//! A field is a number of equally long segments of the image, one for each row of the kernel, and
//! [`Fields`] says where they begin. Channels come in blocks of [`BLOCK`], which are a vector or two;
//! the sums of a tile of fields stay in registers while the segments pass by.

/// Number of channels in a block. Layers whose channels are no multiple of it are filled up with zeros.
pub const BLOCK: usize = 16;

/// One number for each channel of a block.
pub type Block = [f32; BLOCK];

/// The square that a convolution sees at each position, in pixels of its input.
#[derive(Clone, Copy, Debug)]
pub struct Square {
    /// Side of the square.
    pub kernel: usize,
    /// Step between two positions; there is no padding.
    pub stride: usize,
}

/// Positions of receptive fields in an image, or in several that lie one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    /// Index of the first number of each field.
    pub starts: &'a [u32],
    /// Offset of each segment of a field, from the field's first number.
    pub segments: &'a [u32],
    /// Count of numbers in a segment.
    pub length: usize,
}

impl Fields<'_> {
    /// Gives the count of numbers in a field.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.segments.len() * self.length
    }
}

/// Computes `x · y + z`, rounded once if `FUSED`.
#[inline(always)]
fn multiply_add<const FUSED: bool>(x: f32, y: f32, z: f32) -> f32 {
    if FUSED { x.mul_add(y, z) } else { x * y + z }
}

/// Takes `TILE` fields at once. The last tile overlaps the one before it where the fields are no
/// multiple; where they are fewer, they are taken one by one.
#[inline(always)]
pub fn convolve_body<const FUSED: bool, const TILE: usize>(
    image: &[f32],
    fields: Fields<'_>,
    weight: &[Block],
    bias: &[Block],
    output: &mut [f32],
) {
    let (count, width) = (fields.starts.len(), bias.len() * BLOCK);
    assert_eq!((weight.len(), output.len()), (fields.inputs() * bias.len(), count * width), "sizes of a convolution");
    for (block, (weight, bias)) in weight.chunks_exact(fields.inputs()).zip(bias).enumerate() {
        let column = block * BLOCK;
        if count < TILE {
            (0..count).for_each(|at| tile::<FUSED, 1>(image, fields, at, weight, bias, (output, column, width)));
            continue;
        }
        for at in (0..count).step_by(TILE) {
            let at = at.min(count - TILE);
            tile::<FUSED, TILE>(image, fields, at, weight, bias, (output, column, width));
        }
    }
}

#[inline(always)]
fn tile<const FUSED: bool, const TILE: usize>(
    image: &[f32],
    fields: Fields<'_>,
    at: usize,
    weight: &[Block],
    bias: &Block,
    (output, column, width): (&mut [f32], usize, usize),
) {
    let starts: &[u32; TILE] = fields.starts[at..].first_chunk().expect("a whole tile");
    let length = fields.length;
    let mut sums = [*bias; TILE];
    for (&segment, weight) in fields.segments.iter().zip(weight.chunks_exact(length)) {
        let rows: [&[f32]; TILE] = std::array::from_fn(|i| &image[(starts[i] + segment) as usize..][..length]);
        let weight = &weight[..length];
        for j in 0..length {
            for i in 0..TILE {
                for c in 0..BLOCK {
                    sums[i][c] = multiply_add::<FUSED>(rows[i][j], weight[j][c], sums[i][c]);
                }
            }
        }
    }
    for (i, sums) in sums.iter().enumerate() {
        let into: &mut Block = output[(at + i) * width + column..].first_chunk_mut().expect("a whole block");
        *into = sums.map(|sum| sum.max(0.0));
    }
}

/// Takes `TILE` inputs of a segment at once, then, of what is left, one by one.
#[inline(always)]
pub fn convolve_backward_body<const FUSED: bool, const TILE: usize>(
    image: &[f32],
    fields: Fields<'_>,
    d: &[f32],
    d_weight: &mut [Block],
) {
    let width = d_weight.len() / fields.inputs() * BLOCK;
    assert_eq!(d.len(), fields.starts.len() * width, "sizes of a convolution's gradient");
    for (block, d_weight) in d_weight.chunks_exact_mut(fields.inputs()).enumerate() {
        let column = block * BLOCK;
        for (&segment, d_weight) in fields.segments.iter().zip(d_weight.chunks_exact_mut(fields.length)) {
            let (tiles, rest) = d_weight.as_chunks_mut::<TILE>();
            let mut offset = segment;
            for sums in tiles {
                sum::<FUSED, TILE>(image, fields.starts, offset, (d, column, width), sums);
                offset += TILE as u32;
            }
            for sums in rest {
                sum::<FUSED, 1>(image, fields.starts, offset, (d, column, width), std::array::from_mut(sums));
                offset += 1;
            }
        }
    }
}

#[inline(always)]
fn sum<const FUSED: bool, const TILE: usize>(
    image: &[f32],
    starts: &[u32],
    offset: u32,
    (d, column, width): (&[f32], usize, usize),
    into: &mut [Block; TILE],
) {
    let mut sums = *into;
    // One slice for each input, all of one length: with one slice for all, the compiler loads the inputs
    // as a vector, and no longer keeps the sums in registers.
    let length = image.len() - (offset as usize + TILE - 1);
    let rows: [&[f32]; TILE] = std::array::from_fn(|i| &image[offset as usize + i..][..length]);
    for (&start, d) in starts.iter().zip(d.chunks_exact(width)) {
        // A copy, which stays in a register: a reference would be read for each input again.
        let d: Block = *d[column..].first_chunk().expect("a whole block");
        for i in 0..TILE {
            for c in 0..BLOCK {
                sums[i][c] = multiply_add::<FUSED>(rows[i][start as usize], d[c], sums[i][c]);
            }
        }
    }
    *into = sums;
}
