//! Device that networks compute on.

use std::fmt;
use std::str::FromStr;

use gridworld_terminal::program::CliError;
use tch::{Cuda, Device};

/// A device as users name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The computer's processor.
    Cpu,
    /// A CUDA device.
    Cuda(usize),
    /// CUDA if there is one, else the processor.
    Auto,
}

impl FromStr for DeviceChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<DeviceChoice, String> {
        match text {
            "cpu" => Ok(DeviceChoice::Cpu),
            "auto" => Ok(DeviceChoice::Auto),
            "cuda" => Ok(DeviceChoice::Cuda(0)),
            _ => text
                .strip_prefix("cuda:")
                .and_then(|index| index.parse().ok())
                .map(DeviceChoice::Cuda)
                .ok_or_else(|| "must be cpu, cuda, cuda:N or auto".to_owned()),
        }
    }
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeviceChoice::Cpu => formatter.write_str("cpu"),
            DeviceChoice::Cuda(index) => write!(formatter, "cuda:{index}"),
            DeviceChoice::Auto => formatter.write_str("auto"),
        }
    }
}

impl DeviceChoice {
    /// The device, if this machine and this libtorch have it.
    pub fn resolve(self) -> Result<Device, CliError> {
        let devices = if Cuda::is_available() { Cuda::device_count() as usize } else { 0 };
        match self {
            DeviceChoice::Cpu => Ok(Device::Cpu),
            DeviceChoice::Auto if devices == 0 => Ok(Device::Cpu),
            DeviceChoice::Auto => Ok(Device::Cuda(0)),
            DeviceChoice::Cuda(index) if index < devices => Ok(Device::Cuda(index)),
            DeviceChoice::Cuda(_) if devices == 0 => Err(CliError::usage(format!(
                "--device {self}: no CUDA device found, or this libtorch has no CUDA (`make libtorch CUDA=1` installs one \
                 that has); use --device cpu"
            ))),
            DeviceChoice::Cuda(index) => Err(CliError::usage(format!(
                "--device cuda:{index}: this machine has {devices} CUDA device(s), numbered from 0"
            ))),
        }
    }
}

/// A resolved device's name, as the flag takes it.
pub fn name(device: Device) -> String {
    match device {
        Device::Cuda(index) => format!("cuda:{index}"),
        _ => "cpu".to_owned(),
    }
}
