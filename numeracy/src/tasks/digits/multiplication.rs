//! Products of a cell's inputs, over rows: `x` is `[batch, in]`, `weight` `[out, in]`, the result `[batch, out]`.

use gridworld_agents::cells::nalu::EPSILON;
use tch::{Kind, Tensor};

/// Computes `y = exp(W log(|x| + ε))`, the multiplying neural accumulator (Trask et al. 2018, §3).
pub fn nac_mul(x: &Tensor, weight: &Tensor) -> Tensor {
    (x.abs() + f64::from(EPSILON)).log().matmul(&weight.tr()).exp()
}

/// Computes `y_o = Π_i (W_oi (x_i − 1) + 1)`, the neural multiplication unit (Madsen & Johansen 2020, equation 9).
pub fn nmu(x: &Tensor, weight: &Tensor) -> Tensor {
    let from_one: Tensor = x.unsqueeze(1) - 1.0;
    let factors: Tensor = from_one * weight + 1.0;
    factors.prod_dim_int(2, false, Kind::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a tensor of one row.
    fn row(values: &[f32]) -> Tensor {
        Tensor::from_slice(values).view([1, -1])
    }

    #[test]
    fn products_are_those_worked_by_hand() {
        // 3² √16 / 2 = 18, and 3 · 2 = 6.
        let weight = Tensor::from_slice(&[2.0_f32, 0.5, -1.0, 1.0, 0.0, 1.0]).view([2, 3]);
        let found = Vec::<f32>::try_from(nac_mul(&row(&[-3.0, 16.0, 2.0]), &weight).view([-1])).unwrap();
        assert!((found[0] - 18.0).abs() < 1e-4 && (found[1] - 6.0).abs() < 1e-4, "{found:?}");
        // 3 · 4, 3 alone, and (½ · 2 + 1) (½ · 3 + 1) = 5.
        let weight = Tensor::from_slice(&[1.0_f32, 1.0, 1.0, 0.0, 0.5, 0.5]).view([3, 2]);
        assert_eq!(Vec::<f32>::try_from(nmu(&row(&[3.0, 4.0]), &weight).view([-1])).unwrap(), [12.0, 3.0, 5.0]);
    }
}
