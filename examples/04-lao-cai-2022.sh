#!/usr/bin/env bash
# LĐLĐ tỉnh Lào Cai, 6 tháng đầu năm 2022: tin bài đăng tải, đoàn viên kết nạp mới, công đoàn cơ sở thành lập mới.
# Không có chỉ tiêu nào được nêu, nên bảng chỉ in kết quả.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/lao-cai-2022.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Lào Cai"
nguon="Bài báo tháng 6/2022 về một năm thực hiện Nghị quyết 02"

ucli init --office "$tinh"

# Truyền thông
ucli add-figure news-items "hơn 3.850"    --unit "$tinh" --period 2022-H1 --source "$nguon"

# Phát triển đoàn viên, thành lập công đoàn cơ sở ("từ đầu năm 2022 đến nay")
ucli add-figure members-admitted 1.307    --unit "$tinh" --period 2022-H1 --source "$nguon"
ucli add-figure unions-founded 2          --unit "$tinh" --period 2022-H1 --source "$nguon"

ucli report --period 2022-H1
