# The formula of one release; .github/scripts/assets.sh fills in what is between @.
class Landing < Formula
  desc "@DESCRIPTION@"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/landing-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:landing-aarch64-apple-darwin.tar.gz@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/landing-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:landing-x86_64-apple-darwin.tar.gz@"
    end
  end

  on_linux do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/landing-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:landing-aarch64-unknown-linux-musl.tar.gz@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/landing-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:landing-x86_64-unknown-linux-musl.tar.gz@"
    end
  end

  def install
    bin.install "landing"
    man1.install Dir["man/*.1"]
    generate_completions_from_executable(bin/"landing", "completions")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/landing --version")
    system bin/"landing", "init", "zone", "--from", "minimal"
    system bin/"landing", "validate", "zone/landing.yaml"
  end
end
