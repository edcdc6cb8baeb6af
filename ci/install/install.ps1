# Installs landing on Windows: downloads a release's archive, verifies its SHA-256 checksum, and puts the program into
# a folder. Each release has this script with its own repository and version filled in.
#
# These environment variables change what it does:
#   LANDING_VERSION       version to install, such as 1.2.3 [default: the release's own]
#   LANDING_INSTALL_DIR   folder that the program is put into [default: %LOCALAPPDATA%\Programs\landing]
#   LANDING_RELEASES      URL of the releases; a mirror has the same paths below it

function Get-Setting([string] $Name, [string] $Default) {
    $value = [Environment]::GetEnvironmentVariable($Name)
    if ($value) { return $value }
    # A copy that no release has filled in begins with an @ still.
    if ($Default.StartsWith('@')) { throw "this copy is of no release: set $Name" }
    return $Default
}

function Get-WantedChecksum([string] $Sums, [string] $Archive) {
    foreach ($line in Get-Content -LiteralPath $Sums) {
        $checksum, $name = $line -split '\s+\*?', 2
        if ($name -eq $Archive) { return $checksum }
    }
    throw "SHA256SUMS of the release does not list $Archive"
}

function Install-Landing {
    # Here, so that the session that runs this script keeps its own settings.
    $ErrorActionPreference = 'Stop'
    Set-StrictMode -Version Latest

    $releases = Get-Setting 'LANDING_RELEASES' '@REPOSITORY@/releases'
    $version = (Get-Setting 'LANDING_VERSION' '@VERSION@').TrimStart('v')
    $folder = Get-Setting 'LANDING_INSTALL_DIR' (Join-Path $env:LOCALAPPDATA 'Programs\landing')
    $target = 'x86_64-pc-windows-msvc'
    $archive = "landing-$target.zip"

    # Windows PowerShell 5.1 offers older versions of TLS first.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    $work = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
    New-Item -ItemType Directory -Path $work | Out-Null
    try {
        foreach ($file in $archive, 'SHA256SUMS') {
            Invoke-WebRequest -UseBasicParsing -Uri "$releases/download/v$version/$file" -OutFile (Join-Path $work $file)
        }
        $wanted = Get-WantedChecksum (Join-Path $work 'SHA256SUMS') $archive
        $found = (Get-FileHash -Algorithm SHA256 -LiteralPath (Join-Path $work $archive)).Hash
        if ($found -ne $wanted) { throw "$archive has the SHA-256 $found, and the release says ${wanted}: nothing was installed" }
        Expand-Archive -LiteralPath (Join-Path $work $archive) -DestinationPath $work
        New-Item -ItemType Directory -Force -Path $folder | Out-Null
        Copy-Item -Force -LiteralPath (Join-Path $work "landing-$target\landing.exe") -Destination $folder
    }
    finally {
        Remove-Item -Recurse -Force -LiteralPath $work
    }

    Write-Output "landing $version is installed as $(Join-Path $folder 'landing.exe')"
    $path = [Environment]::GetEnvironmentVariable('Path', 'User')
    if (($path -split ';') -notcontains $folder) {
        [Environment]::SetEnvironmentVariable('Path', "$path;$folder".TrimStart(';'), 'User')
        Write-Output "$folder is added to your path: open a new terminal"
    }
}

# The last line, so that a download that breaks off runs nothing.
Install-Landing
